// go run ./notify zhangsan 张三 2850
package main

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"os"

	"example/wisp"
)

func main() {
	client := wisp.FromEnvironment()
	// 内容相同时不产生新版本，可以每次都写。Makes no new version when the content is the same.
	messageType := map[string]any{
		"key": "meal-paid", "name": "餐费", "text": "{{ name }}，{{ fen | money }} 已到账。",
	}
	var put struct{ Version int }
	if err := client.Post("/api/message/type/put", messageType, &put); err != nil {
		log.Fatal(err)
	}
	// 与业务数据一起保存：网络中断后用同一个 requestId 重发，不会发两次。
	// Store it with your data: sent again under the same requestId after a lost connection, it arrives once.
	requestID := make([]byte, 16)
	rand.Read(requestID)
	notice := map[string]any{
		"type": "meal-paid", "toUser": os.Args[1],
		"data":      map[string]any{"name": os.Args[2], "fen": json.Number(os.Args[3])},
		"requestId": hex.EncodeToString(requestID),
	}
	var sent struct {
		MsgID, State string
		Accepted     int
	}
	if err := client.Post("/api/message/notify", notice, &sent); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s %s %d\n", sent.MsgID, sent.State, sent.Accepted)
}
