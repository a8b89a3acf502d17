// Compares a tree with the one that Go's checksum database would make of the same records: roots, proofs, tiles.
//
// Reads one JSON document from standard input and says every difference on standard output.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"os"

	"golang.org/x/mod/sumdb/tlog"
)

type stored []tlog.Hash

func (hashes stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		found[i] = hashes[index]
	}
	return found, nil
}

func hash(raw []byte) (h tlog.Hash) {
	if copy(h[:], raw) != len(raw) || len(raw) != tlog.HashSize {
		log.Fatal("not a hash")
	}
	return h
}

func hashes(raw [][]byte) []tlog.Hash {
	found := make([]tlog.Hash, len(raw))
	for i := range raw {
		found[i] = hash(raw[i])
	}
	return found
}

func same(theirs []tlog.Hash, ours [][]byte) bool {
	if len(theirs) != len(ours) {
		return false
	}
	for i := range theirs {
		if !bytes.Equal(theirs[i][:], ours[i]) {
			return false
		}
	}
	return true
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	var given struct {
		Records   [][]byte
		Inclusion []struct {
			Leaf, Size int64
			Proof      [][]byte
			Root       []byte
		}
		Consistency []struct {
			Old, New         int64
			Proof            [][]byte
			OldRoot, NewRoot []byte
		}
		Tiles []struct {
			Level, Index, Width int
			Hashes              []byte
		}
	}
	must(json.NewDecoder(os.Stdin).Decode(&given))
	var tree stored
	for i, record := range given.Records {
		more, err := tlog.StoredHashes(int64(i), record, tree)
		must(err)
		tree = append(tree, more...)
	}
	for _, it := range given.Inclusion {
		root, err := tlog.TreeHash(it.Size, tree)
		must(err)
		proof, err := tlog.ProveRecord(it.Size, it.Leaf, tree)
		must(err)
		if !bytes.Equal(root[:], it.Root) {
			fmt.Printf("root at %d differs\n", it.Size)
		}
		if !same(proof, it.Proof) {
			fmt.Printf("proof of leaf %d in %d differs\n", it.Leaf, it.Size)
		}
		if err := tlog.CheckRecord(hashes(it.Proof), it.Size, hash(it.Root), it.Leaf, tlog.RecordHash(given.Records[it.Leaf])); err != nil {
			fmt.Printf("proof of leaf %d in %d is refused: %v\n", it.Leaf, it.Size, err)
		}
	}
	for _, it := range given.Consistency {
		proof, err := tlog.ProveTree(it.New, it.Old, tree)
		must(err)
		if !same(proof, it.Proof) {
			fmt.Printf("proof from %d to %d differs\n", it.Old, it.New)
		}
		if err := tlog.CheckTree(hashes(it.Proof), it.New, hash(it.NewRoot), it.Old, hash(it.OldRoot)); err != nil {
			fmt.Printf("proof from %d to %d is refused: %v\n", it.Old, it.New, err)
		}
	}
	for _, it := range given.Tiles {
		kept, err := tlog.ReadTileData(tlog.Tile{H: 8, L: it.Level, N: int64(it.Index), W: it.Width}, tree)
		must(err)
		if !bytes.Equal(kept, it.Hashes) {
			fmt.Printf("tile %d/%d differs\n", it.Level, it.Index)
		}
	}
	fmt.Printf("compared %d %d %d\n", len(given.Inclusion), len(given.Consistency), len(given.Tiles))
}
