// go run ./send-message 审批 zhangsan '您有一条待办'
package main

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log"
	"net/url"
	"os"

	"example/wisp"
)

func main() {
	client := wisp.FromEnvironment()
	// 与业务数据一起保存：网络中断后用同一个 requestId 重发，不会发两次。
	// Store it with your data: sent again under the same requestId after a lost connection, it arrives once.
	requestID := make([]byte, 16)
	rand.Read(requestID)
	message := map[string]any{
		"toUser": []string{os.Args[2]}, "sendType": "0", "msgType": "03",
		"agentName": os.Args[1], "content": os.Args[3], "requestId": hex.EncodeToString(requestID),
	}
	var sent struct{ MsgID string }
	if err := client.Post("/api/message/send", message, &sent); err != nil {
		log.Fatal(err)
	}
	var state struct {
		Status    string
		Receivers struct{ Sent, Total int }
	}
	if err := client.Get("/api/message/status", url.Values{"msgId": {sent.MsgID}}, &state); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s %s %d/%d\n", sent.MsgID, state.Status, state.Receivers.Sent, state.Receivers.Total)
}
