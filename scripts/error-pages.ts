/**
 * The pages of docs/reference/errors, made from the tables in the code.
 * @module
 */
import { join } from 'node:path'
import { errorStories, numberText, titleOf } from '@bcos-ts/cli'

type Story = (typeof errorStories)[number]

export const ERROR_PAGES_FOLDER = join(import.meta.dirname, '..', 'docs', 'reference', 'errors')

const REMARK = '<!-- Made by `pnpm docs:errors` from the error guides in the code. Edit those. -->'

const INTRODUCTION = `# Errors

Every error that leaves a package is a \`BcosError\`: a \`code\` that stays the same from release to release, a sentence that
says what is wrong and what to do, and \`details\` with the values. The command \`bcos-ts\` prints the sentence and the code,
and with \`--verbose\` the causes behind it; it ends with exit code 2 for wrong arguments and 1 for everything else. Programs
ask \`isBcosError(error, 'STORAGE_OPEN_FAILED')\`.

Clients see numbers: errors of JSON-RPC, the status of a receipt, answers of native contracts, of group management, of AMOP.
Here they have names as well.

\`bcos-ts explain CODE\` tells the same at the terminal, for names and for numbers.
`

/** Text by file name. */
export function errorPages(): ReadonlyMap<string, string> {
  const pages = new Map([['README.md', indexPage()]])
  for (const story of errorStories) pages.set(`${story.code}.md`, pageOf(story))
  return pages
}

function pageOf(story: Story): string {
  return `${REMARK}

# ${story.code}

${titleOf(story)}

**Cause.** ${story.cause}

**Evidence.** ${story.evidence}

**Remedy.** ${story.remedy}

[All errors](README.md)
`
}

function indexPage(): string {
  const areas = new Set(errorStories.map(({ area }) => area))
  const sections = Array.from(areas, (area) =>
    sectionOf(
      area,
      errorStories.filter((story) => story.area === area),
    ),
  )
  return `${REMARK}

${INTRODUCTION}
${sections.join('\n')}`
}

function sectionOf(area: string, stories: readonly Story[]): string {
  const hasNumbers = stories.some(({ number }) => number !== undefined)
  const head = hasNumbers
    ? '| code | number | what happened |\n| --- | --- | --- |'
    : '| code | what happened |\n| --- | --- |'
  const rows = stories.map((story) => {
    const number = hasNumbers ? ` ${numberText(story) ?? ''} |` : ''
    return `| [\`${story.code}\`](${story.code}.md) |${number} ${firstSentence(story.cause)} |`
  })
  return `## ${area}\n\n${head}\n${rows.join('\n')}\n`
}

function firstSentence(text: string): string {
  const end = text.search(/[.:] /)
  return (end < 0 ? text : text.slice(0, end)).replace(/\.$/, '').replaceAll('|', String.raw`\|`)
}
