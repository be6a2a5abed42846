// OIDC_ISSUER=… OIDC_CLIENT_ID=… OIDC_CLIENT_SECRET=… go run ./oidc-sign-in <port>
package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"
)

var (
	port         = os.Args[1]
	issuer       = os.Getenv("OIDC_ISSUER")
	clientID     = os.Getenv("OIDC_CLIENT_ID")
	clientSecret = os.Getenv("OIDC_CLIENT_SECRET")
	redirectURI  = redirect()
	web          = &http.Client{Timeout: 10 * time.Second}
)

const (
	begunAtMost = 1000
	goodFor     = 10 * time.Minute
)

type started struct {
	state, nonce, verifier string
	at                     time.Time
}

type person struct {
	sub, name, idToken string
}

// 已开始的登录和已登录的人，以 Cookie 里的随机数为键。By the random number in the cookie.
var (
	lock   sync.Mutex
	begun  = map[string]started{}
	people = map[string]person{}
)

// 对方的错误，写给人看。What is wrong with a sign-in, for the person.
type signInFailed string

func (why signInFailed) Error() string { return string(why) }

// 与控制台登记的重定向地址逐字相同。To the letter what the console has as the redirect URI.
func redirect() string {
	if given := os.Getenv("OIDC_REDIRECT_URI"); given != "" {
		return given
	}
	return "http://127.0.0.1:" + port + "/callback"
}

func random() string {
	bytes := make([]byte, 32)
	if _, err := rand.Read(bytes); err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(bytes)
}

func endpoint(name string) (string, error) {
	answer, err := web.Get(issuer + "/.well-known/openid-configuration")
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	var provider map[string]any
	if err := json.NewDecoder(answer.Body).Decode(&provider); err != nil {
		return "", err
	}
	if provider["issuer"] != issuer {
		return "", fmt.Errorf("issuer: %v", provider["issuer"])
	}
	address, _ := provider[name].(string)
	return address, nil
}

func begin(session string) (string, error) {
	one := started{random(), random(), random(), time.Now()}
	lock.Lock()
	// 没有走完的登录不会无限增加。Sign-ins that nobody finished do not pile up.
	for old := range begun {
		if len(begun) >= begunAtMost || time.Since(begun[old].at) > goodFor {
			delete(begun, old)
		}
	}
	begun[session] = one
	lock.Unlock()
	challenge := sha256.Sum256([]byte(one.verifier))
	address, err := endpoint("authorization_endpoint")
	return address + "?" + url.Values{
		"response_type": {"code"}, "client_id": {clientID}, "redirect_uri": {redirectURI},
		"scope": {"openid profile email"}, "state": {one.state}, "nonce": {one.nonce},
		"code_challenge":        {base64.RawURLEncoding.EncodeToString(challenge[:])},
		"code_challenge_method": {"S256"},
	}.Encode(), err
}

func finish(session string, query url.Values) (person, error) {
	lock.Lock()
	one, isThere := begun[session]
	delete(begun, session)
	lock.Unlock()
	if !isThere || time.Since(one.at) > goodFor || query.Get("state") != one.state {
		return person{}, signInFailed("登录不是从这个浏览器开始的，或已过期 / not begun in this browser, or too late")
	}
	if query.Has("iss") && query.Get("iss") != issuer {
		return person{}, signInFailed("iss")
	}
	if query.Has("error") {
		return person{}, signInFailed(query.Get("error") + " " + query.Get("error_description"))
	}
	address, err := endpoint("token_endpoint")
	if err != nil {
		return person{}, err
	}
	form := url.Values{
		"grant_type": {"authorization_code"}, "code": {query.Get("code")},
		"redirect_uri": {redirectURI}, "code_verifier": {one.verifier},
	}
	request, err := http.NewRequest("POST", address, strings.NewReader(form.Encode()))
	if err != nil {
		return person{}, err
	}
	request.Header.Set("content-type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(url.QueryEscape(clientID), url.QueryEscape(clientSecret))
	answer, err := web.Do(request)
	if err != nil {
		return person{}, err
	}
	defer answer.Body.Close()
	var tokens struct {
		IDToken     string `json:"id_token"`
		Description string `json:"error_description"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&tokens); err != nil {
		return person{}, err
	}
	if answer.StatusCode != http.StatusOK {
		return person{}, signInFailed(tokens.Description)
	}
	return personOf(tokens.IDToken, one.nonce)
}

// 令牌由服务器直接从令牌端点取得，TLS 已证明它来自谁，所以不必再验签（OpenID Connect Core 3.1.3.7）。
// The token came straight from the token endpoint, so that TLS says whose it is, and no signature need be checked.
func personOf(idToken, nonce string) (person, error) {
	parts := strings.Split(idToken, ".")
	if len(parts) != 3 {
		return person{}, signInFailed("id_token")
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return person{}, signInFailed("id_token")
	}
	var claims struct {
		Issuer   string `json:"iss"`
		Audience any    `json:"aud"`
		Nonce    string `json:"nonce"`
		Expires  int64  `json:"exp"`
		Sub      string `json:"sub"`
		Name     string `json:"name"`
	}
	if err := json.Unmarshal(text, &claims); err != nil {
		return person{}, signInFailed("id_token")
	}
	isOurs := claims.Audience == any(clientID)
	if several, isList := claims.Audience.([]any); isList {
		for _, one := range several {
			isOurs = isOurs || one == any(clientID)
		}
	}
	if claims.Issuer != issuer || !isOurs || claims.Nonce != nonce || claims.Expires < time.Now().Unix() {
		return person{}, signInFailed("id_token")
	}
	return person{claims.Sub, claims.Name, idToken}, nil
}

func handle(response http.ResponseWriter, request *http.Request) {
	response.Header().Set("cache-control", "no-store")
	session := ""
	if cookie, err := request.Cookie("session"); err == nil {
		session = cookie.Value
	}
	to, cookie, err := "/sign-in", "", error(nil)
	switch request.URL.Path {
	case "/sign-in":
		cookie = random()
		to, err = begin(cookie)
	case "/callback":
		var signedIn person
		if signedIn, err = finish(session, request.URL.Query()); err == nil {
			// 登录后换一个会话号，旧的号码不再有用。Another number after signing in, so that an old one is worth nothing.
			to, cookie = "/", random()
			lock.Lock()
			people[cookie] = signedIn
			lock.Unlock()
		}
	case "/sign-out":
		lock.Lock()
		known := people[session]
		delete(people, session)
		lock.Unlock()
		query := url.Values{"client_id": {clientID}}
		if known.idToken != "" {
			query.Set("id_token_hint", known.idToken)
		}
		if to, err = endpoint("end_session_endpoint"); err == nil {
			to += "?" + query.Encode()
		}
	case "/":
		lock.Lock()
		known, isThere := people[session]
		lock.Unlock()
		if isThere {
			// sub 是这个人不变的编号，用它做主键。sub is this person's number for good: make it the key.
			fmt.Fprintf(response, "%s %s\n", known.sub, known.name)
			return
		}
	default:
		http.Error(response, "没有这一页 / no such page", http.StatusNotFound)
		return
	}
	var failed signInFailed
	if errors.As(err, &failed) {
		http.Error(response, "没有登录 / not signed in: "+failed.Error(), http.StatusBadRequest)
	} else if err != nil {
		log.Print(err)
		http.Error(response, "暂时不能登录 / try again later", http.StatusBadGateway)
	} else {
		if cookie != "" {
			http.SetCookie(response, &http.Cookie{
				Name: "session", Value: cookie, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
				Secure: strings.HasPrefix(redirectURI, "https:"),
			})
		}
		http.Redirect(response, request, to, http.StatusFound)
	}
}

func main() {
	log.Fatal(http.ListenAndServe("127.0.0.1:"+port, http.HandlerFunc(handle)))
}
