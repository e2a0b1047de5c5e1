// Package views draws the page: templ components, one for each region that can be
// swapped. Each takes one view model and owns the id of its root element; the page
// is made of the same components that answer htmx with a fragment.
package views
