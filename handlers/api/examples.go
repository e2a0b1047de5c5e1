package api

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
)

//go:embed describe_examples.json
var recorded embed.FS

const recordedFile = "describe_examples.json"

// Exchange is an example with what was answered.
type Exchange struct {
	Summary string `json:"summary"`
	// Filled is what stood for {etag}, {id} and {change}.
	Filled map[string]string `json:"filled,omitempty"`
	Status int               `json:"status"`
	Header map[string]string `json:"header,omitempty"`
	JSON   json.RawMessage   `json:"json,omitempty"`
	Text   string            `json:"text,omitempty"`
}

// Fill puts in a text what stood for {etag} and the like.
func (e *Exchange) Fill(text string) string {
	for name, value := range e.Filled {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return text
}

// recordedExamples are the answers to all examples, by operation.
func recordedExamples() map[string][]Exchange {
	text, err := recorded.ReadFile(recordedFile)
	if err != nil {
		panic(err) // it is embedded
	}
	var all map[string][]Exchange
	if err := json.Unmarshal(text, &all); err != nil {
		panic(fmt.Sprintf("%s: %v", recordedFile, err))
	}
	return all
}
