// Opens what mingzhang signs with the packages behind Go's checksum database, which know nothing of mingzhang.
//
//	opened note VKEY FILE              prints the text of a note signed with that key
//	opened inclusion VKEY FILE         checks a c2sp.org/tlog-proof and prints the index and the size
//	opened consistency VKEY OLD FILE   checks a consistency proof from the checkpoint OLD and prints both sizes
package main

import (
	"encoding/base64"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func read(path string) string {
	content, err := os.ReadFile(path)
	must(err)
	return string(content)
}

func open(vkey, signed string) string {
	verifier, err := note.NewVerifier(vkey)
	must(err)
	opened, err := note.Open([]byte(signed), note.VerifierList(verifier))
	must(err)
	return opened.Text
}

func head(text string) (int64, tlog.Hash) {
	lines := strings.Split(text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	return size, root
}

func hashes(lines []string) (found []tlog.Hash) {
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		must(err)
		found = append(found, hash)
	}
	return found
}

func main() {
	log.SetFlags(0)
	vkey, last := os.Args[2], read(os.Args[len(os.Args)-1])
	before, signed, _ := strings.Cut(last, "\n\n")
	lines := strings.Split(before, "\n")
	switch os.Args[1] {
	case "note":
		fmt.Print(open(vkey, last))
	case "inclusion":
		record, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
		must(err)
		index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
		must(err)
		size, root := head(open(vkey, signed))
		must(tlog.CheckRecord(hashes(lines[3:]), size, root, index, tlog.RecordHash(record)))
		fmt.Println(index, size)
	case "consistency":
		old, oldRoot := head(open(vkey, read(os.Args[3])))
		size, root := head(open(vkey, signed))
		must(tlog.CheckTree(hashes(lines[1:]), size, root, old, oldRoot))
		fmt.Println(old, size)
	}
}
