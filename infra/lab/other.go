//go:build !linux

// Command lab needs the network namespaces of Linux.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "lab: it is made of network namespaces, which only Linux has")
	os.Exit(1)
}
