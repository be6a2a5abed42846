// go run ./get-member zhangsan
package main

import (
	"fmt"
	"log"
	"net/url"
	"os"

	"example/wisp"
)

func main() {
	var member struct {
		UserID, UserName string
		OrgList          []struct{ OrgID, OrgName string }
	}
	query := url.Values{"userId": {os.Args[1]}}
	if err := wisp.FromEnvironment().Get("/api/user/get", query, &member); err != nil {
		log.Fatal(err)
	}
	fmt.Println(member.UserID, member.UserName)
	for _, department := range member.OrgList {
		fmt.Println(" ", department.OrgID, department.OrgName)
	}
}
