// go run ./bills 2026-11-0001 zhangsan 11月餐费 12850
package main

import (
	"fmt"
	"log"
	"net/url"
	"os"
	"strconv"

	"example/wisp"
)

type bill struct {
	BillID, BillNo, Title, State string
	Amount                       int64
}

const pageSize = 100

func main() {
	client := wisp.FromEnvironment()
	fen, err := strconv.ParseInt(os.Args[4], 10, 64)
	if err != nil {
		log.Fatal(err)
	}
	// 同一个 billNo 再次创建，返回原来的账单。Created again, the same billNo answers the bill that is there.
	wanted := map[string]any{"billNo": os.Args[1], "userId": os.Args[2], "title": os.Args[3], "amount": fen}
	var created bill
	if err := client.Post("/api/pay/bill/create", wanted, &created); err != nil {
		log.Fatal(err)
	}
	fmt.Println("billId", created.BillID)
	for pageNo, more := 1, true; more; pageNo++ {
		var page struct{ List []bill }
		query := url.Values{
			"userId": {os.Args[2]}, "state": {"open"},
			"pageNo": {strconv.Itoa(pageNo)}, "pageSize": {strconv.Itoa(pageSize)},
		}
		if err := client.Get("/api/pay/bill/list", query, &page); err != nil {
			log.Fatal(err)
		}
		for _, one := range page.List {
			fmt.Printf("%s %s %.2f %s\n", one.BillNo, one.Title, float64(one.Amount)/100, one.State)
		}
		more = len(page.List) == pageSize
	}
}
