// @ts-check
import { spawn } from 'node:child_process'
import { reasonOf } from './az-reason.mjs'

/** az starts in a second or two, and a cold app may take minutes to answer; this is for what hangs. */
const LIMIT_MS = 180_000

/** Answers as JSON, no warnings among them, no questions that nobody sees. */
const QUIET = { AZURE_CORE_OUTPUT: 'json', AZURE_CORE_ONLY_SHOW_ERRORS: 'true', AZURE_EXTENSION_USE_DYNAMIC_INSTALL: 'no' }

/**
 * Calls back when an answer has taken too long; what it returns takes that back.
 * @typedef {(isOver: () => void) => () => void} Limit
 * @type {Limit}
 */
export const threeMinutes = (isOver) => {
  const timer = setTimeout(isOver, LIMIT_MS)
  return () => clearTimeout(timer)
}

/**
 * Starts az and reads what it says.
 * @param {{ file: string, args: string[], verbatim: boolean }} command
 * @param {import('./az.mjs').Env} env
 * @param {Limit} limit
 * @returns {Promise<import('./az.mjs').AzAnswer>}
 */
export function runAz({ file, args, verbatim }, env, limit) {
  return new Promise((resolve) => {
    /** @type {import('node:child_process').ChildProcess | undefined} */
    let child
    let isOver = false
    // Listened for before there is anything to end, or an interrupt while it starts would leave it behind.
    const forgetInterrupts = onInterrupt(() => endGroup(child))
    const { out, err, started } = start(file, args, env, verbatim)
    child = started
    const forgetLimit = limit(() => {
      isOver = true
      endGroup(child)
    })
    /** @param {import('./az.mjs').AzAnswer} answer */
    const end = (answer) => {
      forgetLimit()
      forgetInterrupts()
      resolve(answer)
    }
    child.on('error', ({ message }) => end({ ok: false, reason: reasonOf(message), text: message }))
    child.on('close', (code) => end(isOver ? TIMED_OUT : answerOf(code, out.join(''), err.join(''))))
  })
}

/** @param {string} file @param {string[]} args @param {import('./az.mjs').Env} env @param {boolean} verbatim */
function start(file, args, env, verbatim) {
  const started = spawn(file, args, {
    env: { ...env, ...QUIET },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, as az is a script that starts Python: ended alone it leaves that behind, which holds the pipes open.
    detached: process.platform !== 'win32',
    windowsHide: true,
    windowsVerbatimArguments: verbatim,
  })
  /** @type {string[]} */
  const out = []
  /** @type {string[]} */
  const err = []
  started.stdout.setEncoding('utf8').on('data', (piece) => out.push(piece))
  started.stderr.setEncoding('utf8').on('data', (piece) => err.push(piece))
  return { started, out, err }
}

/** @type {import('./az.mjs').AzAnswer} */
const TIMED_OUT = { ok: false, reason: 'timedOut', text: `az gave no answer within ${LIMIT_MS / 60_000} minutes` }

/** @param {number | null} code @param {string} out @param {string} err @returns {import('./az.mjs').AzAnswer} */
function answerOf(code, out, err) {
  if (code === 0) return { ok: true, text: out }
  const text = err.trim() || out.trim() || `az ended with the exit code ${code}, and said nothing`
  return { ok: false, reason: reasonOf(text), text }
}

/** @param {import('node:child_process').ChildProcess | undefined} child */
function endGroup(child) {
  if (child?.pid === undefined) return
  if (process.platform === 'win32')
    return void spawn('taskkill', ['/pid', `${child.pid}`, '/t', '/f'], { stdio: 'ignore', windowsHide: true })
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

/** A group of its own hears nothing of Ctrl+C. @param {() => void} end @returns {() => void} */
function onInterrupt(end) {
  /** @param {NodeJS.Signals} signal */
  const pass = (signal) => {
    end()
    process.removeListener('SIGINT', pass).removeListener('SIGTERM', pass)
    process.kill(process.pid, signal)
  }
  process.on('SIGINT', pass).on('SIGTERM', pass)
  return () => void process.removeListener('SIGINT', pass).removeListener('SIGTERM', pass)
}
