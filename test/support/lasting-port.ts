/**
 * Ports for a test that ends its listener and listens again: between the ranges of the tests' labs (up to 32 000) and the
 * one from which Linux gives out ports (from 32 768), where another test's connection could take the port meanwhile.
 */
const FIRST_PORT = 32_000;
const PORTS = 768;
/** Processes that run side by side have ids close to one another. */
const PORTS_OF_A_PROCESS = 16;

let given = 0;

/** A port that the system gives to nobody while it is free, and to which no other test of these minutes is given. */
export function lastingPort(): number {
  if (given === PORTS_OF_A_PROCESS) throw new Error(`a test file has ${PORTS_OF_A_PROCESS} lasting ports, no more`);
  return FIRST_PORT + ((process.pid * PORTS_OF_A_PROCESS + given++) % PORTS);
}
