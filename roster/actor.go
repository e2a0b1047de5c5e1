package roster

// Actor is who makes a change.
type Actor struct {
	// Name is for people to read. Anybody may be called so: people choose their names,
	// and those of teams and tokens.
	Name string
	// ID says who it was, whatever they are called: see PersonActor and credential.TokenActor. "" is
	// somebody whom nobody knows, as where there is no sign-in.
	ID string
}

// PersonActor is the ID of a person, by what the sign-in calls them.
func PersonActor(subject string) string { return "person:" + subject }

// ProgramActor is the ID of the program itself, where it does what nobody asked for just now.
const ProgramActor = "program"
