// go run ./leave-request leave-2026-118 1000002 lisi zhangsan 2
package main

import (
	"fmt"
	"log"
	"net/url"
	"os"
	"strconv"
	"time"

	"example/wisp"
)

type object = map[string]any

var client = wisp.FromEnvironment()

func main() {
	todoNo, agentID, applicant, approver, days := os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5]
	seconds := 600
	if len(os.Args) > 6 {
		var err error
		seconds, err = strconv.Atoi(os.Args[6])
		must(err)
	}
	var member struct{ UserName string }
	must(client.Get("/api/user/get", url.Values{"userId": {applicant}}, &member))
	title := fmt.Sprintf("%s 申请请假 %s 天", member.UserName, days)

	// 再次运行时，同一个 todoNo 是同一条待办，同一个 requestId 是同一张卡片。
	// Run again, the same todoNo is the same to-do, and the same requestId the same card.
	var put struct {
		List []struct{ Result, Code, Reason string }
	}
	must(client.Post("/api/todo/put", object{"list": []object{{
		"todoNo": todoNo, "userId": approver, "agentId": agentID, "title": title,
		"url": "https://oa.example.com/leaves/" + todoNo, "sender": member.UserName, "process": "请假",
	}}}, &put))
	// 每条待办各有结果。Each to-do has a result of its own.
	if one := put.List[0]; one.Result == "refused" {
		log.Fatal(one.Code, " ", one.Reason)
	}

	var sent struct{ MsgID, InvalidUser string }
	must(client.Post("/api/message/send", object{
		"toUser": []string{approver}, "sendType": "0", "msgType": "04", "agentId": agentID, "agentName": "请假",
		"card": object{
			"card_type":  "button_interaction",
			"main_title": object{"title": title, "desc": todoNo},
			"button_list": []object{
				{"text": "同意", "style": 1, "key": "agree"},
				{"text": "驳回", "style": 2, "key": "reject"},
			},
		},
		"firstPressWins": true, "onPress": object{"replaceName": "已处理"}, "requestId": todoNo,
	}, &sent))
	// 卡片没有送到的人在 invaliduser 里。Whom the card did not reach is in invaliduser.
	if sent.InvalidUser != "" {
		log.Fatal("卡片没有送到 / the card reached nobody")
	}

	result := "已驳回"
	if pressed(sent.MsgID, time.Duration(seconds)*time.Second) == "agree" {
		result = "已同意"
	}
	var done object
	must(client.Post("/api/todo/finish", object{"agentId": agentID, "todoNo": todoNo, "userId": approver}, &done))
	must(client.Post("/api/message/send", object{
		"toUser": []string{applicant}, "sendType": "0", "msgType": "03", "agentId": agentID, "agentName": "请假",
		"content": fmt.Sprintf("%s 请假 %s 天：%s", todoNo, days, result), "requestId": todoNo + "-result",
	}, &done))
	must(client.Post("/api/message/card/update", object{"msgId": sent.MsgID, "replaceName": result}, &done))
	fmt.Println(todoNo, result)

	// 同意后提交企业微信审批，字段名是模板的。
	// Once agreed, an approval of WeCom is submitted: the fields are those of its template.
	if len(os.Args) > 7 && result == "已同意" {
		var approval struct{ SpNo, Status string }
		must(client.Post("/api/approval/apply", object{
			"templateId": os.Args[7], "userId": applicant, "fields": object{"请假事由": title},
			"requestId": todoNo + "-approval",
		}, &approval))
		fmt.Println(approval.SpNo, approval.Status)
	}
}

// 一直运行的服务订阅 message.card.pressed，不必查询。
// A service that keeps running subscribes to message.card.pressed instead.
func pressed(msgID string, within time.Duration) string {
	for until := time.Now().Add(within); ; time.Sleep(time.Second) {
		var answers struct{ List []struct{ Key string } }
		must(client.Get("/api/message/card", url.Values{"msgId": {msgID}}, &answers))
		if len(answers.List) > 0 {
			return answers.List[0].Key
		}
		if !time.Now().Before(until) {
			log.Fatal("没有人处理，稍后用同样的参数再运行 / nobody answered: run it again later")
		}
	}
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
