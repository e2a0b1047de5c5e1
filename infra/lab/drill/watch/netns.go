package watch

import (
	"fmt"
	"os"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

func namespacePath(name string) string { return "/run/netns/" + name }

// Within runs do on a thread of its own in a network namespace; the sockets that it
// makes belong there for as long as they live.
func Within(namespace string, do func() error) error {
	done := make(chan error)
	go func() {
		// Never unlocked: the thread ends with the goroutine and nobody else gets it.
		runtime.LockOSThread()
		if err := enter(namespace); err != nil {
			done <- err
			return
		}
		done <- do()
	}()
	return <-done
}

func enter(namespace string) error {
	f, err := os.Open(namespacePath(namespace))
	if err != nil {
		return fmt.Errorf("network namespace %s: %w", namespace, err)
	}
	defer f.Close()
	if err := unix.Setns(int(f.Fd()), unix.CLONE_NEWNET); err != nil {
		return fmt.Errorf("enter network namespace %s (as root?): %w", namespace, err)
	}
	return nil
}

// MoveInto makes the whole program run in a network namespace, by starting it again
// there in place of itself. In the new one it does nothing.
func MoveInto(namespace string) error {
	here, err := os.Stat("/proc/thread-self/ns/net")
	if err != nil {
		return err
	}
	there, err := os.Stat(namespacePath(namespace))
	if err != nil {
		return fmt.Errorf("network namespace %s: %w", namespace, err)
	}
	if os.SameFile(here, there) {
		return nil
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := enter(namespace); err != nil {
		return err
	}
	return syscall.Exec(program, os.Args, os.Environ())
}
