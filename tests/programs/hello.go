// A few goroutines, a file and a child process.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"sync"
)

func main() {
	var wait sync.WaitGroup
	sums := make([]int, 4)
	for i := range sums {
		wait.Add(1)
		go func(i int) {
			defer wait.Done()
			for n := 0; n < 1000; n++ {
				sums[i] += n
			}
		}(i)
	}
	wait.Wait()
	os.WriteFile("out", []byte("hello\n"), 0o600)
	text, _ := os.ReadFile("out")
	out, err := exec.Command("/bin/echo", "child").Output()
	fmt.Println(sums, string(text), string(out), err)
}
