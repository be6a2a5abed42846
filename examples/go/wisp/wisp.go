// Package wisp 调用 wisp 的接口，只用标准库。
// Package wisp calls wisp's API, with the standard library alone.
package wisp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"sync"
	"time"
)

// Error 是 retCode 不为 0 的回答。
// Error is an answer whose retCode is not 0.
type Error struct{ Code, Message, RequestID string }

func (e *Error) Error() string {
	return fmt.Sprintf("%s %s (%s)", e.Code, e.Message, e.RequestID)
}

type Client struct {
	url, devID, devSecret string
	http                  http.Client
	mutex                 sync.Mutex
	token                 string
}

func New(url, devID, devSecret string) *Client {
	return &Client{url: url, devID: devID, devSecret: devSecret, http: http.Client{Timeout: 30 * time.Second}}
}

func FromEnvironment() *Client {
	return New(os.Getenv("WISP_URL"), os.Getenv("DEV_ID"), os.Getenv("DEV_SECRET"))
}

// Get 把回答的 body 读入 to。
// Get reads the answer's body into to.
func (c *Client) Get(path string, query url.Values, to any) error {
	return c.call(http.MethodGet, path+"?"+query.Encode(), nil, to)
}

func (c *Client) Post(path string, body, to any) error {
	return c.call(http.MethodPost, path, body, to)
}

func (c *Client) call(method, path string, body, to any) error {
	token, err := c.tokenAfter("")
	if err != nil {
		return err
	}
	err = c.send(method, path, body, token, to)
	// devToken 已失效，换一次新的。The devToken is dead: take a new one, once.
	var refused *Error
	if !errors.As(err, &refused) || refused.Code != "1004" {
		return err
	}
	if token, err = c.tokenAfter(token); err != nil {
		return err
	}
	return c.send(method, path, body, token, to)
}

// 同时进行的调用共用一个 devToken。Calls at the same time share one devToken.
func (c *Client) tokenAfter(dead string) (string, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.token != dead {
		return c.token, nil
	}
	account := map[string]string{"devId": c.devID, "devSecret": c.devSecret}
	var issued struct{ DevToken string }
	if err := c.send(http.MethodPost, "/api/token/getDevToken", account, "", &issued); err != nil {
		return "", err
	}
	c.token = issued.DevToken
	return c.token, nil
}

func (c *Client) send(method, path string, body any, token string, to any) error {
	for waitsLeft := 3; ; waitsLeft-- {
		var envelope struct {
			RetCode, RetMessage string
			Body                json.RawMessage
		}
		header, err := c.request(method, path, body, token, &envelope)
		if err != nil {
			return err
		}
		if envelope.RetCode == "0" {
			return json.Unmarshal(envelope.Body, to)
		}
		// 1010：什么都没有执行，等到 Retry-After 再来。Nothing was done: come back after Retry-After.
		seconds, err := strconv.Atoi(header.Get("Retry-After"))
		if envelope.RetCode != "1010" || waitsLeft == 0 || err != nil || seconds > 60 {
			return &Error{envelope.RetCode, envelope.RetMessage, header.Get("X-Request-Id")}
		}
		time.Sleep(time.Duration(seconds) * time.Second)
	}
}

func (c *Client) request(method, path string, body any, token string, to any) (http.Header, error) {
	var content bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&content).Encode(body); err != nil {
			return nil, err
		}
	}
	request, err := http.NewRequest(method, c.url+path, &content)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	return answer.Header, json.NewDecoder(answer.Body).Decode(to)
}
