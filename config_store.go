package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"dailyroster/store"
	"dailyroster/store/aerospike"
	"dailyroster/store/bolt"
	"dailyroster/store/lastknown"
)

// StoreConfig is where the roster is kept.
type StoreConfig struct {
	Store string `default:"bolt:data/roster.db" group:"Store:" help:"Where the roster is stored: bolt:///path/roster.db, bolt:roster.db relative to the current folder, or on a cluster aerospike://host:3000,host:3000,host:3000/namespace. ?cluster=name at the end of a cluster's URL gives the cluster's name, if it is not roster."`
}

// CopyConfig is where a server keeps a copy of what is near.
type CopyConfig struct {
	Copy string `default:"data/copy" group:"Store:" help:"Folder for a copy of what is near in the roster of a cluster: people, teams, and days from a month back to three months ahead. While no database node answers, also after a restart, pages and the API say from it who is on call, with its age. none keeps no copy. A store in a file needs none."`
}

// noCopy is the value of --copy that turns the copy off.
const noCopy = "none"

// openCopy reads the copy of a cluster's roster into the memory in front of it. It returns nil
// where no copy is kept; a folder that cannot be used is no reason not to serve.
func (c Config) openCopy(cluster store.Clustered, known *lastknown.Store, log *slog.Logger) *lastknown.Copy {
	if cluster == nil || c.Copy == noCopy {
		return nil
	}
	made, err := lastknown.OpenCopy(filepath.FromSlash(c.Copy), c.Store, known, log, rand.Reader)
	if err != nil {
		log.Error("no copy of the roster is kept, so nothing is known after a restart without a database; --copy names the folder", "error", err)
		return nil
	}
	return made
}

// opener opens the store that the setting names. cluster is nil for a store on one
// machine.
type opener func(ctx context.Context, log *slog.Logger) (s store.Store, cluster store.Clustered, err error)

// openerOf reads the URL of a store.
func openerOf(location string) (opener, error) {
	if strings.HasPrefix(location, aerospike.Scheme) {
		where, err := aerospike.ParseURL(location)
		if err != nil {
			return nil, fmt.Errorf("store: %w", err)
		}
		return func(ctx context.Context, log *slog.Logger) (store.Store, store.Clustered, error) {
			s, err := aerospike.Open(ctx, where, aerospike.Deps{Log: log, Now: time.Now})
			return s, s, err
		}, nil
	}
	path, err := boltPath(location)
	if err != nil {
		return nil, err
	}
	return func(context.Context, *slog.Logger) (store.Store, store.Clustered, error) {
		s, err := bolt.Open(path)
		return s, nil, err
	}, nil
}

// boltPath is the file that a URL of the scheme bolt names.
func boltPath(raw string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "bolt" || u.Host != "" || u.Opaque == "" && u.Path == "" {
		return "", fmt.Errorf("store: %q is not a store; write it like bolt:///var/lib/roster/roster.db or aerospike://db1:3000,db2:3000,db3:3000/daily_roster", raw)
	}
	if u.Opaque != "" {
		path, err := url.PathUnescape(u.Opaque)
		return filepath.FromSlash(path), err
	}
	return filepath.FromSlash(u.Path), nil
}
