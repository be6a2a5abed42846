// go run ./people-source 3 ../people.csv
package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"

	"example/wisp"
)

type object = map[string]any

type run struct {
	ID          int64
	Kind, State string
}

func main() {
	client := wisp.FromEnvironment()
	sourceID, err := strconv.ParseInt(os.Args[1], 10, 64)
	must(err)
	people := readPeople(os.Args[2])

	// 同一个工号再次提交，覆盖原来的行：没有收到返回时，用同样的参数再运行。
	// Put again, the same key replaces its row: after a lost answer, run it again with the same arguments.
	for at := 0; at < len(people); at += 500 {
		var answer struct {
			People []struct{ Key, Why string }
		}
		batch := people[at:min(at+500, len(people))]
		must(client.Post("/api/source/put", object{"sourceId": sourceID, "people": batch}, &answer))
		for _, one := range answer.People {
			// 每行各有结果。Each row has a result of its own.
			if one.Why != "" {
				fmt.Fprintln(os.Stderr, one.Key, one.Why)
			}
		}
	}

	// 全部提交后生成预览，由管理员批准。Once all rows are there, a preview is made, which administrators approve.
	before := latest(os.Args[1]).ID
	var done object
	must(client.Post("/api/source/put", object{"sourceId": sourceID, "complete": "1"}, &done))
	last := previewed(os.Args[1], before)
	var rows struct {
		List  []struct{ Kind, Key, Name, Result string }
		Total int
	}
	manage("/api/admin/source/rows", url.Values{"runId": {strconv.FormatInt(last.ID, 10)}, "pageSize": {"200"}}, &rows)
	fmt.Println(last.ID, last.State, rows.Total)
	for _, row := range rows.List {
		about := row.Name
		if about == "" {
			about = row.Result
		}
		fmt.Println(row.Kind, row.Key, about)
	}
}

// 列名与人事源的设置一致，例如 工号,姓名,手机,部门,职务,直属上级工号,状态。
// The columns are those of the source.
func readPeople(path string) []map[string]string {
	file, err := os.ReadFile(path)
	must(err)
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte("\uFEFF"))))
	reader.FieldsPerRecord = -1
	lines, err := reader.ReadAll()
	must(err)
	var people []map[string]string
	for _, cells := range lines[1:] {
		person := map[string]string{}
		cells = append(cells, make([]string, len(lines[0]))...)
		for at, name := range lines[0] {
			person[name] = cells[at]
		}
		people = append(people, person)
	}
	return people
}

func previewed(sourceID string, before int64) run {
	for until := time.Now().Add(time.Minute); ; time.Sleep(time.Second) {
		if last := latest(sourceID); last.ID > before {
			return last
		}
		if !time.Now().Before(until) {
			log.Fatal("没有预览，原因见控制台的“人事源” / no preview: see Sources of people in the console")
		}
	}
}

func latest(sourceID string) run {
	var runs struct{ List []run }
	manage("/api/admin/source/runs", url.Values{"id": {sourceID}}, &runs)
	for _, one := range runs.List {
		if one.Kind == "write" {
			return one
		}
	}
	return run{}
}

// 管理接口使用管理令牌。Calls of management take an admin token.
func manage(path string, query url.Values, to any) {
	request, err := http.NewRequest(http.MethodGet, os.Getenv("WISP_URL")+path+"?"+query.Encode(), nil)
	must(err)
	request.Header.Set("Authorization", "Bearer "+os.Getenv("ADMIN_TOKEN"))
	answer, err := (&http.Client{Timeout: 30 * time.Second}).Do(request)
	must(err)
	defer answer.Body.Close()
	var envelope struct {
		RetCode, RetMessage string
		Body                json.RawMessage
	}
	must(json.NewDecoder(answer.Body).Decode(&envelope))
	if envelope.RetCode != "0" {
		log.Fatal(envelope.RetCode, " ", envelope.RetMessage)
	}
	must(json.Unmarshal(envelope.Body, to))
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
