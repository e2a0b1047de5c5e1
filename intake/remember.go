package intake

// remembered says something of texts. It looks at each text once, however many cells of a
// table have it: a cell that spans rows and columns is a few bytes, and stands in many.
type remembered[V any] struct {
	known map[string]V
	look  func(text string) V
}

func remember[V any](look func(text string) V) remembered[V] {
	return remembered[V]{map[string]V{}, look}
}

func (r remembered[V]) of(text string) V {
	v, known := r.known[text]
	if !known {
		v = r.look(text)
		r.known[text] = v
	}
	return v
}
