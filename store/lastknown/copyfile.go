package lastknown

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"dailyroster/roster"
)

// A file of the copy is a line that says what it is, of which store, and what the rest sums up
// to, and then JSON, compressed with gzip (RFC 1952):
//
//	roster-copy 1 01K9… 9f86d0…
const (
	copyMagic  = "roster-copy"
	copyFormat = 1
	// maxFile and maxUnpacked bound what is read of one file, in bytes, packed and not.
	maxFile     = 64 << 20
	maxUnpacked = 512 << 20
)

var (
	errDamaged    = errors.New("it is damaged")
	errOtherStore = errors.New("it is the copy of another store")
)

// pack is the content of a file that has the value, of the store with the id.
func pack(id roster.Revision, v any) ([]byte, error) {
	var body bytes.Buffer
	zip, err := gzip.NewWriterLevel(&body, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if err := json.NewEncoder(zip).Encode(v); err != nil {
		return nil, err
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body.Bytes())
	return fmt.Appendf(nil, "%s %d %s %s\n%s", copyMagic, copyFormat, id, hex.EncodeToString(sum[:]), body.Bytes()), nil
}

// unpack reads what pack made into v. id is the store that it has to be of; "" takes any, and
// the file's own is returned.
func unpack(content []byte, id roster.Revision, v any) (of roster.Revision, err error) {
	line, body, found := bytes.Cut(content, []byte("\n"))
	words := strings.Fields(string(line))
	if !found || len(words) != 4 || words[0] != copyMagic {
		return "", errDamaged
	}
	if words[1] != fmt.Sprint(copyFormat) {
		return "", fmt.Errorf("it has the format %s; this program reads format %d", roster.Clip(words[1]), copyFormat)
	}
	of = roster.Revision(words[2])
	if id != "" && of != id {
		return of, errOtherStore
	}
	if sum := sha256.Sum256(body); hex.EncodeToString(sum[:]) != words[3] {
		return of, errDamaged
	}
	zip, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return of, errDamaged
	}
	if err := json.NewDecoder(io.LimitReader(zip, maxUnpacked)).Decode(v); err != nil {
		return of, errDamaged
	}
	return of, nil
}

// readFile is the content of a file that is not larger than a copy's may be.
func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	content, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(content) > maxFile {
		err = errDamaged
	}
	return content, err
}
