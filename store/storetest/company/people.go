package company

import (
	"fmt"

	"dailyroster/roster"
)

// namesake is how far from a person the one stands whose name the person has: one in twenty.
const (
	namesakeEvery = 20
	namesake      = 13
	leftEvery     = 50 // one in fifty is no longer active
)

// hire makes up the people.
func (c *Company) hire() error {
	zones, err := parsed(zoneNames())
	if err != nil {
		return err
	}
	taken := make(map[string]int, c.Size.People)
	c.people = make([]roster.Person, c.Size.People)
	for i := range c.people {
		d := diceOf(ofPerson, i)
		name := nameOf(d)
		if i%namesakeEvery == namesakeEvery-1 {
			name = c.people[i-namesake].Name
		}
		p := roster.Person{Name: name, Active: i%leftEvery != leftEvery-1}
		p.ID = freeID(taken, name)
		p.Email = string(p.ID) + "@example.org"
		if d.IntN(4) > 0 {
			p.Phone = fmt.Sprintf("+%d %d %07d", 20+d.IntN(70), 10+d.IntN(900), d.IntN(10_000_000))
		}
		if d.IntN(3) > 0 {
			p.Zone = one(d, zones)
		}
		for range shareOf(c.Size.Absences, c.Size.People, i) {
			p.Absences = append(p.Absences, absence(d, c.Today))
		}
		if p.Revision, err = d.id(c.founded()); err != nil {
			return err
		}
		if err := p.Validate(); err != nil {
			return fmt.Errorf("the person %s: %w", p.ID, err)
		}
		c.people[i] = p
	}
	return nil
}

// nameOf is a first name and a last name, of some people two.
func nameOf(d dice) string {
	name := one(d, firstNames()) + " " + one(d, lastNames())
	if d.IntN(5) == 0 {
		name += " " + one(d, lastNames())
	}
	return name
}

// freeID is the first id for a name that nobody has yet.
func freeID(taken map[string]int, name string) roster.PersonID {
	slug := roster.Slug(name)
	for {
		taken[slug]++
		id := roster.NumberedSlug(slug, taken[slug])
		if id == slug || taken[id] == 0 {
			if id != slug {
				taken[id]++
			}
			return roster.PersonID(id)
		}
	}
}

// shareOf is how many of all there are for the i-th of n, who have them as evenly as can be;
// the first has one if anybody does.
func shareOf(all, n, i int) int {
	upTo := func(i int) int { return (i*all + n - 1) / n }
	return upTo(i+1) - upTo(i)
}

// absence is some days around today.
func absence(d dice, today roster.Date) roster.Absence {
	from := today.AddDays(d.IntN(90) - 30)
	return roster.Absence{From: from, To: from.AddDays(d.IntN(14)), Note: one(d, []string{"", "Vacation", "Parental leave", "Course"})}
}

func parsed(names []string) ([]roster.Zone, error) {
	zones := make([]roster.Zone, len(names))
	for i, name := range names {
		var err error
		if zones[i], err = roster.ParseZone(name); err != nil {
			return nil, err
		}
	}
	return zones, nil
}

func zoneNames() []string {
	return []string{
		"Europe/Berlin", "Europe/Lisbon", "Europe/Prague", "Europe/Istanbul", "America/New_York", "America/Sao_Paulo",
		"America/Los_Angeles", "Asia/Kolkata", "Asia/Tokyo", "Australia/Sydney", "Africa/Lagos", "UTC",
	}
}

func firstNames() []string {
	return []string{
		"Ana", "Bo", "Chidi", "Dana", "Eun-ji", "Farid", "Gül", "Håkan", "Inês", "Jürgen", "Katarzyna", "Łukasz", "Márta", "Nina", "Óscar", "Petra",
		"Quentin", "Renée", "Søren", "Tomáš", "Ümit", "Věra", "Wanjiru", "Ximena", "Yusuf", "Zoë", "Aïcha", "Björn", "Chloé", "Dmitri", "Élodie", "Françoise",
		"Gergő", "Helga", "İpek", "Jošt", "Kjersti", "Lưu", "Mikołaj", "Nuño", "Ondřej", "Přemysl", "Rūta", "Siobhán", "Thảo", "Urška", "Vítor", "Wei",
		"Yıldız", "Žofie", "Amina", "Bjørg", "Carlos", "Dóra", "Emre", "Fatima", "Grace", "Hugo", "Ivana", "Joon", "Kofi", "Lena", "Mei", "Noah",
		"Olga", "Paulo", "Rania", "Sven", "Tariq", "Uma", "Vikram", "Xu", "Yara", "Zainab", "Ελένη", "Νίκος", "Ольга", "Сергей", "恵子", "陽翔",
	}
}

func lastNames() []string {
	return []string{
		"Ruiz", "Chen", "Okafor", "Šimůnek", "Lee", "Haddad", "Müller", "Ångström", "Gonçalves", "Nowak", "Kowalczyk", "Wójcik", "Nagy", "Szőke", "Dvořák", "Černý",
		"Peña", "Muñoz", "Østergaard", "Sørensen", "Çelik", "Yılmaz", "Öztürk", "Şahin", "Nguyễn", "Trần", "Phạm", "Kim", "Park", "Tanaka", "Suzuki", "Singh",
		"Patel", "Iyer", "Mensah", "Adeyemi", "Mwangi", "Ndlovu", "O'Brien", "Ó Súilleabháin", "MacLeod", "Jónsdóttir", "Þórsson", "Björk", "Lindqvist", "Hämäläinen", "Kõiv", "Bērziņš",
		"Žukauskas", "Horvat", "Đorđević", "Kovačević", "Živković", "Petrović", "Ionescu", "Țurcanu", "Popescu", "Dimitrova", "Ivanov", "García", "Hernández", "Núñez", "Ibáñez", "Silva",
		"Conceição", "Araújo", "Lefèvre", "Benoît", "Garçon", "Dupont", "De Vries", "Van den Berg", "Janssen", "Groß", "Schäfer", "Weiß", "Bauer", "Rossi", "Nicolò", "D'Angelo",
		"Smith", "Johnson", "Williams", "Brown", "Jones", "Miller", "Davis", "Wilson", "Moore", "Taylor", "Cohen", "Levi", "Al-Masri", "Hosseini", "Rahman", "Khan",
		"Wang", "Li", "Zhang", "Liu", "Παπαδοπούλου", "Иванова", "Петренко", "佐藤",
	}
}
