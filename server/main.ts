#!/usr/bin/env node
import { stopOnSignal } from './base/stop-signal.js';

// Before anything else is loaded: a start may be stopped in its first tenth of a second; the other commands just die.
const stop = process.argv.includes('start') ? stopOnSignal() : new AbortController().signal;
const { commandLine } = await import('./command-line.js');
await commandLine(stop);
