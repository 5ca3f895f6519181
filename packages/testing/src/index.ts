/** See the paths `./simulator`, `./arbitraries` and `./compliance`. */
export {}
