import { generateDepartments } from './departments.ts'
import { generatePeople, type People } from './people.ts'
import type { Department } from './records.ts'
import { type GeneratedTag, generateTags } from './tags.ts'

/** The parameters of the sample corp. The same values always give the same corp. */
export interface CorpSize {
  members: number
  departments: number
  tags: number
  seed: number
  /** The root department's name; missing in a journal of an earlier version. */
  company?: string
}

export type CorpOptions = { [key in keyof CorpSize]?: CorpSize[key] | undefined }

export interface SampleCorp {
  size: CorpSize
  departments: Department[]
  people: People
  tags: GeneratedTag[]
}

/** Fills in missing parameters: 300 members get 40 departments, 100,000 get 3,000, 1,000,000 get 30,000. */
export function corpSize(options: CorpOptions): CorpSize {
  const members = options.members ?? 300
  const byMembers = members <= 1000 ? Math.ceil(members / 7.5) : Math.max(134, Math.round(members * 0.03))
  return {
    members,
    departments: options.departments ?? Math.min(30000, Math.max(1, byMembers)),
    tags: options.tags ?? Math.min(200, Math.max(8, Math.round(Math.sqrt(members) / 5))),
    seed: options.seed ?? 1,
    ...(options.company !== undefined && { company: options.company }),
  }
}

export function generateCorp(size: CorpSize): SampleCorp {
  const departments = generateDepartments(size.departments, size.seed, size.company ?? '华宇智联科技集团')
  return {
    size,
    departments,
    people: generatePeople(size.members, departments, size.seed),
    tags: generateTags(size.tags, size.members, size.departments, size.seed),
  }
}
