package notify

import (
	"encoding/base64"
	"fmt"
	"io"
)

const (
	secretPrefix = "whsec_"
	secretBytes  = 32
)

// NewSecret makes a secret with which webhooks are signed.
func NewSecret(random io.Reader) (string, error) {
	key := make([]byte, secretBytes)
	if _, err := io.ReadFull(random, key); err != nil {
		return "", fmt.Errorf("a secret for webhooks: %w", err)
	}
	return secretPrefix + base64.StdEncoding.EncodeToString(key), nil
}
