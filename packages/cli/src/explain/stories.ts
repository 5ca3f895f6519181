import { type ErrorStory, nodeErrorStories, storiesOf } from '@bcos-ts/node'
import { sdkErrorGuide } from '@bcos-ts/sdk'
import { cliErrorGuide } from '../error-guide.ts'

/** Every error with a code or a number, area by area. */
export const errorStories: readonly ErrorStory[] = [
  ...nodeErrorStories,
  ...storiesOf('The client of bcos-ts', sdkErrorGuide),
  ...storiesOf('The command line', cliErrorGuide),
]

const HEX_AREAS: ReadonlySet<string> = new Set([
  'Status of a transaction',
  'Answers of group management',
])

/** The number of a story as users see it: `-40011`, `22 (0x16)`. */
export function numberText({ area, number }: ErrorStory): string | undefined {
  if (number === undefined) return undefined
  return HEX_AREAS.has(area) ? `${number} (0x${number.toString(16)})` : String(number)
}

/** What a story is, beside its code: `Status of a transaction 22 (0x16), RevertInstruction`. */
export function titleOf(story: ErrorStory): string {
  const number = numberText(story)
  const alias = story.alias === undefined ? '' : `, ${story.alias}`
  return number === undefined ? story.area : `${story.area}: ${number}${alias}`
}

/** Stories for a code, a number in decimal or hex, or a word that stands for one; several may share a number. */
export function findStories(query: string): readonly ErrorStory[] {
  const text = query.trim()
  if (/^(?:-?\d+|0x[0-9a-f]+)$/i.test(text)) {
    return errorStories.filter(({ number }) => number === Number(text))
  }
  const wanted = squeezed(text)
  const exact = errorStories.filter(({ code }) => squeezed(code) === wanted)
  if (exact.length > 0) return exact
  return errorStories.filter((story) => namesOf(story).includes(wanted))
}

const SUGGESTIONS = 3

/** The codes that are written most like the query. */
export function nearestCodes(query: string): readonly string[] {
  const wanted = squeezed(query)
  return errorStories
    .map((story) => ({
      code: story.code,
      distance: Math.min(...namesOf(story).map((name) => distanceOf(wanted, name))),
    }))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, SUGGESTIONS)
    .map(({ code }) => code)
}

/** The whole code, the code without what it belongs to, and the word of receipts. */
function namesOf({ code, alias }: ErrorStory): readonly string[] {
  const bare = code.slice(code.indexOf('_') + 1)
  return [code, bare, ...(alias === undefined ? [] : [alias])].map(squeezed)
}

function squeezed(text: string): string {
  return text.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
}

/** Letters to insert, remove or change to get from one word to the other. */
function distanceOf(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [i, letter] of Array.from(from).entries()) {
    const next = [i + 1]
    for (const [j, other] of Array.from(to).entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
