package bolt

import (
	"bytes"

	"go.etcd.io/bbolt"

	"dailyroster/roster"
)

func memberKey(person roster.PersonID, team roster.TeamID) []byte {
	return []byte(string(person) + "/" + string(team))
}

// addMembers notes who is in a team's days. It forgets nobody.
func addMembers(tx *bbolt.Tx, team roster.TeamID, days map[int]dayRecord) error {
	members := tx.Bucket(membersBucket)
	for _, d := range days {
		for _, person := range d.Assignments {
			key := memberKey(person, team)
			if k, _ := members.Cursor().Seek(key); bytes.Equal(k, key) {
				continue
			}
			if err := members.Put(key, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// teamsOf are the teams whose days have ever had the person, in order.
func teamsOf(tx *bbolt.Tx, person roster.PersonID) []roster.TeamID {
	var teams []roster.TeamID
	prefix := memberKey(person, "")
	c := tx.Bucket(membersBucket).Cursor()
	for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
		teams = append(teams, roster.TeamID(k[len(prefix):]))
	}
	return teams
}

// indexMembers makes membersBucket for a file that has none.
func indexMembers(tx *bbolt.Tx) error {
	months := tx.Bucket(monthsBucket)
	return months.ForEach(func(key, _ []byte) error {
		var record monthRecord
		if _, err := getJSON(months, key, &record); err != nil {
			return err
		}
		team, _, _ := bytes.Cut(key, []byte("/"))
		return addMembers(tx, roster.TeamID(team), record.Days)
	})
}
