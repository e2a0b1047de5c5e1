package notify

import (
	"net/url"

	"github.com/nicholas-fedor/shoutrrr/pkg/services/chat/matrix"
	"github.com/nicholas-fedor/shoutrrr/pkg/types"
)

// configOf is how a service reads its URL where its own way, Initialize, would ask the network.
func configOf(made types.Service) (interface{ SetURL(*url.URL) error }, bool) {
	if _, ok := made.(*matrix.Service); ok { // it signs in
		return &matrix.Config{}, true
	}
	return nil, false
}
