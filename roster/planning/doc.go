// Package planning works out what an act does to the days of a team before anything is saved:
// a fill from rotations, wished assignments, a departure, an undo. A plan shows its changes and
// gives them as edits.
package planning
