// Package views draws pages with templ components, one for each region that htmx can swap.
// Each takes one view model and owns the id of its root element. Pages consist of the same
// components that answer htmx with a fragment.
package views
