import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

// A type is named by a noun of the field, such as `CorpFilter` or `PlannedSend`: a participle or an adjective alone (`Asked`, `Shown`,
// `Ready`) says what happened to something and not what it is.

const root = join(import.meta.dirname, '..')
const paths = execFileSync('git', ['ls-files', '*.ts', '*.tsx'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter(path => path !== '' && existsSync(join(root, path)))

/** Names that programs of others use, in the types of the SDK. */
const published = new Set(['Picked', 'Verified'])

const irregular = new Set(
  `Awake Became Begun Bought Bound Broken Brought Built Caught Chosen Cut Done Drawn Driven Felt Foreseen Found Frozen Given Gone Got
  Heard Held Hidden Kept Known Led Left Lent Lost Made Meant Met Paid Put Ran Said Seen Sent Shown Sold Spent Split Spoken Spread Sworn
  Swept Taken Taught Thrown Told Torn Undone Unread Unsent Withdrawn Withheld Won Written`.split(/\s+/),
)
const adjectives = new Set(
  `About Again Against All Around Bare Before Between Both Common Due Each Everything Fresh Here How Inbound Incoming Late Later Loose
  Missing Naive New Next Once Open Optional Outgoing Outside Own Quiet Raw Ready Same Searchable Self Short Slow Tellable There
  Unchangeable Unready Which Who Whole Why Within`.split(/\s+/),
)
const nouns = {
  ed: new Set(['Bed', 'Embed', 'Feed', 'Need', 'Seed', 'Speed']),
  ing: new Set(
    `Building Drawing Finding Greeting Heading Listing Mapping Meaning Opening Paging Pricing Reading Setting String Thing Tuning
    Warning`.split(/\s+/),
  ),
}
/** `PutResult` may begin with anything: what counts is the word that the others describe. */
function headOf(name: string): string {
  const described = name.replace(/(Of|By|For|With|Without|On|At|From|To|As)(?=[A-Z]|$).*$/, '')
  return /[A-Z][a-z0-9]*$/.exec(described)?.[0] ?? described
}

function isNoun(name: string): boolean {
  const head = headOf(name)
  if (/(ed|ing)In$/.test(name)) return false
  if (irregular.has(head)) return false
  if (name === head && adjectives.has(head)) return false
  if (head.endsWith('ed')) return nouns.ed.has(head)
  return !head.endsWith('ing') || nouns.ing.has(head)
}

it('names types by nouns', () => {
  const wrong = paths.flatMap(path =>
    [
      ...readFileSync(join(root, path), 'utf8').matchAll(
        /^\s*(?:export )?(?:type|interface) (\w+)[^\w,\n]*[<={]/gm,
      ),
    ]
      .map(match => match[1] ?? '')
      .filter(name => !published.has(name) && !isNoun(name))
      .map(name => `${path}: ${name}`),
  )
  expect(wrong).toEqual([])
})

it('knows participles from nouns', () => {
  const some = ['Asked', 'CardPressed', 'Given', 'Waiting', 'NotKept', 'MadeBy', 'Ready', 'SignedIn']
  expect(some.filter(isNoun)).toEqual([])
  expect(
    ['Setting', 'Feed', 'PlannedSend', 'SignedInClient', 'ReadyAnswer', 'ServicesOf', 'Run'].filter(isNoun),
  ).toHaveLength(7)
})
