import type { Answer } from '../../../ui/data/api.ts'

export type Menu = Answer<'/web/official/menu'>['menu']
export type Rule = Menu['personalised'][number]['rule']
/** Names a personalised menu; `n` counts from 1. */
export type NameRule = (rule: Rule, n: number) => string
