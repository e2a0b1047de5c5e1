package roster

// Actor is who makes a change.
type Actor struct {
	// Name is for people to read. Anybody may be called so: people choose their names,
	// and those of teams and tokens.
	Name string
	// ID says who it was, whatever they are called: see PersonActor and TokenActor. "" is
	// somebody whom nobody knows, as where there is no sign-in.
	ID string
}

// PersonActor is the ID of a person, by what the sign-in calls them.
func PersonActor(subject string) string { return "person:" + subject }

// TokenActor is the ID of a token, followed by that of its owner if it has one.
func TokenActor(t *Token) string {
	id := "token:" + string(t.ID) // of a fixed length: what an owner is called cannot feign one
	if t.Owner != nil {
		id += " " + PersonActor(t.Owner.Subject)
	}
	return id
}

// ProgramActor is the ID of the program itself, where it does what nobody asked for just now.
const ProgramActor = "program"
