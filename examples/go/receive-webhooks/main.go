// WEBHOOK_SECRET=whsec_… go run ./receive-webhooks 8000
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// Standard Webhooks：https://www.standardwebhooks.com
func isGenuine(key []byte, header http.Header, body []byte) bool {
	id, timestamp := header.Get("webhook-id"), header.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if age := time.Now().Unix() - seconds; err != nil || age > 300 || age < -300 {
		return false
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", id, timestamp, body)
	wanted := []byte("v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	// 更换密钥期间有两个签名。There are two signatures while the secret is being replaced.
	genuine := false
	for _, given := range strings.Fields(header.Get("webhook-signature")) {
		genuine = hmac.Equal([]byte(given), wanted) || genuine
	}
	return genuine
}

func main() {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(os.Getenv("WEBHOOK_SECRET"), "whsec_"))
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/", func(writer http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(writer, request.Body, 1<<20))
		if err != nil || !isGenuine(key, request.Header, body) {
			writer.WriteHeader(http.StatusUnauthorized)
			return
		}
		// 先存下再应答；同一个 webhook-id 可能来两次。Store it, then answer; the same webhook-id may come twice.
		var event struct{ Type string }
		if err := json.Unmarshal(body, &event); err != nil {
			log.Print(err)
		}
		fmt.Println(request.Header.Get("webhook-id"), event.Type)
		writer.WriteHeader(http.StatusNoContent)
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
