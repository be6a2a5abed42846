// go run ./read-changes 0
package main

import (
	"fmt"
	"log"
	"net/url"
	"os"
	"strconv"

	"example/wisp"
)

type page struct {
	List []struct {
		Seq          int64
		Kind, Op, ID string
	}
	Next         int64
	More, Resync bool
}

func main() {
	client := wisp.FromEnvironment()
	since := os.Args[1]
	for more := true; more; {
		var changes page
		if err := client.Get("/api/directory/changes", url.Values{"since": {since}}, &changes); err != nil {
			log.Fatal(err)
		}
		for _, change := range changes.List {
			fmt.Println(change.Seq, change.Kind, change.Op, change.ID)
		}
		if changes.Resync {
			fmt.Println("请全量读取 / read everything")
		}
		// 处理完再保存 next，作为下次的 since。Store next once these are applied: it is the next since.
		since, more = strconv.FormatInt(changes.Next, 10), changes.More
	}
	fmt.Println("next", since)
}
