//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// diskSize is enough for what a database node keeps, and little to fill.
const diskSize = "704M"

// dataFolders are where a process has its data, below the host's root.
func dataFolders(name string) []string {
	if name == "asd" {
		return []string{"opt/aerospike/data", "opt/aerospike/smd"}
	}
	return nil
}

// diskFolders are those that a full disk of the host would be felt in.
func diskFolders(name string) []string {
	if name == "asd" {
		return append(dataFolders(name), "var/log/aerospike")
	}
	return nil
}

// idle does something to the data of a process that does not run.
func (p *process) idle(do func(folders []string) error) error {
	p.orders.Lock()
	defer p.orders.Unlock()
	if p.running() != 0 {
		return fmt.Errorf("%s runs: its data is in use", p)
	}
	folders := dataFolders(p.name)
	if folders == nil {
		return fmt.Errorf("%s has no data", p)
	}
	return do(folders)
}

// wipe empties the folders of a process that does not run.
func (p *process) wipe() error {
	return p.idle(func(folders []string) error {
		for _, folder := range folders {
			folder = filepath.Join(p.host.root, folder)
			entries, err := os.ReadDir(folder)
			if err != nil {
				return err
			}
			for _, entry := range entries {
				if err := os.RemoveAll(filepath.Join(folder, entry.Name())); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// shell runs lines on the host, in its folder, until one fails.
func (p *process) shell(ctx context.Context, format string, values ...any) error {
	cmd, err := p.host.command(ctx, "/bin/sh", "-ec", "cd "+p.host.root+"\n"+fmt.Sprintf(format, values...))
	if err != nil {
		return err
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", p, err, out)
	}
	return nil
}

// disk puts all that a process has, which does not run, on a disk of its own: a file with a file
// system, which only the host sees. It has it until the lab ends.
func (p *process) disk(ctx context.Context) error {
	return p.idle(func([]string) error {
		if p.device != 0 {
			return nil
		}
		for _, program := range []string{"mkfs.ext4", "losetup"} {
			if _, err := find(program); err != nil {
				return fmt.Errorf("a disk of its own needs %s: apt install e2fsprogs mount", program)
			}
		}
		if err := p.shell(ctx, `
			truncate -s %s disk.img
			PATH=$PATH:/usr/sbin:/sbin
			mkfs.ext4 -q -m 0 disk.img
			mkdir disk
			mount -o loop disk.img disk
			for folder in %s; do
				mkdir -p disk/$folder
				cp -a $folder/. disk/$folder
				mount --bind disk/$folder $folder
			done`, diskSize, strings.Join(diskFolders(p.name), " ")); err != nil {
			return err
		}
		// As the host sees it; here it is an empty folder.
		var there unix.Stat_t
		seen := fmt.Sprintf("/proc/%d/root%s", p.host.first.Process.Pid, filepath.Join(p.host.root, "disk"))
		if err := unix.Stat(seen, &there); err != nil {
			return fmt.Errorf("%s: %w", seen, err)
		}
		p.device = there.Dev
		return nil
	})
}

var errNoDisk = errors.New("it has no disk of its own yet")

// fill leaves no space on the disk; space gives it back.
func (p *process) fill(ctx context.Context) error {
	if p.device == 0 {
		return fmt.Errorf("%s: %w", p, errNoDisk)
	}
	// What cannot be had in one piece is taken block by block.
	return p.shell(ctx, `
		fallocate -l "$(df --output=avail -B1 disk | tail -n 1)" disk/ballast 2>&1 || true
		dd if=/dev/zero of=disk/ballast-rest bs=4k 2>&1 || true
		test "$(df --output=avail -B1 disk | tail -n 1)" -eq 0`)
}

func (p *process) space(ctx context.Context) error {
	if p.device == 0 {
		return fmt.Errorf("%s: %w", p, errNoDisk)
	}
	return p.shell(ctx, "rm -f disk/ballast disk/ballast-rest")
}

// slowWrites is how many writes a second a slow disk takes.
const slowWrites = 10

// slowDisk lets the disk of a process take only a few writes a second, and then again as many as it
// can.
func (p *process) slowDisk(slow bool) error {
	if p.device == 0 {
		return nil
	}
	perSecond := 0
	if slow {
		perSecond = slowWrites
	}
	return p.bound(writesBound(p.device, perSecond))
}
