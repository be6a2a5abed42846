import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneJointActs } from './joint-store.ts'
import { pruneThreeHolders } from './three-store.ts'

export const threeRetention: readonly Retention[] = [
  {
    table: 'three_person',
    isBounded: true,
    because: 'one row per person who is one of the three administrators',
  },
  { table: 'three_scope', isBounded: true, because: 'one row per corp, and one of the installation' },
  {
    table: 'three_holder',
    keptDays: 400,
    countedFrom: 'the end of the role; one that is held stays',
    prune: pruneThreeHolders,
  },
  {
    table: 'joint_act',
    keptDays: 400,
    countedFrom: 'the time after which it was not to be done any more',
    prune: pruneJointActs,
  },
  { table: 'joint_assent', goesWith: 'joint_act' },
]

export const threePersonal: readonly PersonalTable[] = [
  {
    table: 'three_holder',
    what: { zh: '三员的任职', en: 'who is or was one of the three administrators' },
    why: 'administration',
    columns: { member_id: 'member', user_id: 'userId', name: 'text', person: 'mobile' },
    corp: 'member_corp',
    shown: ['role', 'given_at', 'ended_at'],
    erased: 'acts',
  },
  {
    table: 'three_holder',
    what: { zh: '三员由谁任命', en: 'who appointed the three administrators' },
    why: 'administration',
    columns: { given_by: 'userId' },
    shown: ['role'],
    erased: 'names',
  },
  {
    table: 'joint_act',
    what: { zh: '三员共同完成的操作', en: 'acts that the three administrators did together' },
    why: 'administration',
    columns: { about: 'userId', payload: 'quoted' },
    shown: ['kind', 'state', 'proposed_at'],
    erased: 'acts',
  },
  {
    table: 'joint_assent',
    what: { zh: '三员的同意', en: 'agreements of the three administrators' },
    why: 'administration',
    columns: { actor: 'userId' },
    shown: ['role', 'given_at'],
    erased: 'acts',
  },
  {
    table: 'three_person',
    what: { zh: '三员任命时的手机', en: 'mobiles of the three administrators at their appointment' },
    why: 'administration',
    columns: { person: 'mobile' },
    through: { table: 'three_holder', by: [['person', 'person']] },
    erased: 'acts',
  },
]
