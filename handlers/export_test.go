package handlers

// Example is an example of the description, for the tests that send it.
type Example struct {
	Operation, Method, Summary, Target, Body string
	Header                                   []string
	After                                    []Example
}

// DescribedExamples are all examples of the description, in no order between operations.
func DescribedExamples() []Example {
	var all []Example
	for _, o := range describe().operations {
		for _, e := range o.examples {
			all = append(all, exported(o.id, o.method, e))
		}
	}
	return all
}

func exported(operation, method string, e example) Example {
	out := Example{operation, method, e.summary, apiPrefix + e.target, e.body, e.header, nil}
	for _, before := range e.after {
		with := before.method
		if with == "" {
			with = "POST"
		}
		out.After = append(out.After, exported(operation, with, before))
	}
	return out
}

// Exchange is an example with what was answered, and the file that has them all.
type Exchange = exchange

// RecordedFile is the file with all of them, by operation.
const RecordedFile = recordedFile

// Routes are the routes of the API, and those that are described: each a method and a path.
func (s *Server) Routes() (served, described []string) {
	for _, rt := range s.describedRoutes() {
		served = append(served, rt.method+" "+rt.path)
	}
	for key := range describe().operations {
		described = append(described, key)
	}
	return served, described
}

// OpenAPIPath is a path of the route table as OpenAPI writes it.
func OpenAPIPath(path string) string { return openAPIPath(path) }
