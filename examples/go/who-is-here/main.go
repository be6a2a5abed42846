// go run ./who-is-here <jessionId>
package main

import (
	"fmt"
	"log"
	"net/url"
	"os"

	"example/wisp"
)

func main() {
	// 门户打开您的页面时，地址里带着 jessionId。The portal opens your page with a jessionId in its address.
	var person *struct{ UserID, UserName string }
	query := url.Values{"jessionId": {os.Args[1]}}
	if err := wisp.FromEnvironment().Get("/api/user/getInfo", query, &person); err != nil {
		log.Fatal(err)
	}
	if person == nil {
		fmt.Println("请重新登录 / sign in again")
		return
	}
	fmt.Println(person.UserID, person.UserName)
}
