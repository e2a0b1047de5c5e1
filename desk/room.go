package desk

import (
	"slices"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// roomFor refuses another team or person when there are most of them already; 0 is no limit.
// what names them. is recognizes one that already exists, which needs no room.
func roomFor[T any](most int, what string, is func(T) bool, list func() ([]T, error)) error {
	if most == 0 {
		return nil
	}
	all, err := list()
	if err != nil {
		return err
	}
	if len(all) >= most && !slices.ContainsFunc(all, is) {
		return roster.FieldErrors{{Field: "name", Err: said.New("there are already %d %s, removed ones included; that is the limit", len(all), what)}}
	}
	return nil
}
