// Package shell is what all pages share: what stands around their content, how they are drawn,
// and how a form that was refused goes back to its sender.
package shell

import (
	"dailyroster/handlers/web"
	"dailyroster/views"
)

// Shell is what a page stands in.
type Shell struct {
	*web.Gate
	Files views.Assets // the URLs of the files that pages need
}
