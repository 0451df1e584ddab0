// The same rows read by a pipeline of goroutines and channels: what `bin/bench imports` compares with.
//
// `go run examples/imports.go FILE` prints the rows, those that are bad, and the milliseconds of the quickest of five.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

type reading struct {
	subject, rate, systolic, diastolic int
	at                                 time.Time
}

type result struct {
	rows []reading
	bad  int
}

const batch = 1000

func parse(line string) (reading, bool) {
	cells := strings.Split(line, ",")
	if len(cells) != 4 {
		return reading{}, false
	}
	var row reading
	var err error
	if row.subject, err = strconv.Atoi(cells[0][strings.LastIndexByte(cells[0], '-')+1:]); err != nil {
		return row, false
	}
	if row.at, err = time.Parse(time.RFC3339, cells[1]); err != nil {
		return row, false
	}
	if row.rate, err = strconv.Atoi(cells[2]); err != nil || row.rate < 20 || row.rate > 300 {
		return row, false
	}
	systolic, diastolic, found := strings.Cut(cells[3], "/")
	if !found {
		return row, false
	}
	if row.systolic, err = strconv.Atoi(systolic); err != nil {
		return row, false
	}
	if row.diastolic, err = strconv.Atoi(diastolic); err != nil {
		return row, false
	}
	return row, row.systolic > row.diastolic
}

func read(name string) (rows, bad int) {
	file, err := os.Open(name)
	if err != nil {
		panic(err)
	}
	defer file.Close()
	lines, results := make(chan []string, 8), make(chan result, 8)
	go func() {
		defer close(lines)
		scanner := bufio.NewScanner(file)
		scanner.Buffer(make([]byte, 1<<20), 1<<20)
		scanner.Scan()
		part := make([]string, 0, batch)
		for scanner.Scan() {
			if part = append(part, scanner.Text()); len(part) == batch {
				lines <- part
				part = make([]string, 0, batch)
			}
		}
		lines <- part
	}()
	var workers sync.WaitGroup
	for worker := 0; worker < runtime.GOMAXPROCS(0); worker++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for part := range lines {
				checked := result{rows: make([]reading, 0, len(part))}
				for _, line := range part {
					if row, good := parse(line); good {
						checked.rows = append(checked.rows, row)
					} else {
						checked.bad++
					}
				}
				results <- checked
			}
		}()
	}
	go func() { workers.Wait(); close(results) }()
	for checked := range results {
		rows += len(checked.rows) + checked.bad
		bad += checked.bad
	}
	return rows, bad
}

func main() {
	best := time.Hour
	var rows, bad int
	for round := 0; round < 5; round++ {
		began := time.Now()
		rows, bad = read(os.Args[1])
		if took := time.Since(began); took < best {
			best = took
		}
	}
	fmt.Println(rows, bad, float64(best.Microseconds())/1000)
}
