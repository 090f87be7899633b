package command_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"time"
)

// visit does what asVisitor says.
func visit() int {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return 1
	}
	client := &http.Client{Jar: jar, Timeout: time.Minute}
	get := func(address string) []byte {
		r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address, http.NoBody)
		if err != nil {
			return nil
		}
		r.Header.Set("Authorization", os.Getenv("AWS_CONTAINER_AUTHORIZATION_TOKEN"))
		answer, err := client.Do(r)
		if err != nil {
			return nil
		}
		body, _ := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		return body
	}
	if len(os.Args) > 1 {
		get(os.Args[len(os.Args)-1])
		return 0
	}
	for range 2 {
		var keys struct{ AccessKeyID string }
		if json.Unmarshal(get(os.Getenv("AWS_CONTAINER_CREDENTIALS_FULL_URI")), &keys) != nil {
			return 1
		}
		fmt.Println(keys.AccessKeyID)
	}
	return 0
}
