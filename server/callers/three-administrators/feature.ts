import { feature } from '../../platform/manifest/feature.ts'
import * as management from './admin-calls.ts'
import { threeCommands } from './commands.ts'
import { appoint, dismiss, resetFactor, switchOff } from './joint-acts-of-three.ts'
import type { ThreeNeeds } from './needs.ts'
import * as pages from './page-calls.ts'

/** Separating the three administrators, and what they decide together about each other. Which points are whose says `organisation/three`. */
export const threeAdministratorsFeature = feature<ThreeNeeds>()({
  name: 'three-administrators',
  pageCalls: [
    pages.threeRead,
    pages.threeLosses,
    pages.threeOn,
    pages.threePropose,
    pages.threeAgree,
    pages.threeRefuse,
    pages.installationThreeRead,
    pages.installationThreeLosses,
    pages.installationThreeOn,
    pages.installationThreePropose,
    pages.installationThreeAgree,
    pages.installationThreeRefuse,
  ],
  adminCalls: [
    management.adminThree,
    management.adminThreePropose,
    management.adminThreeAgree,
    management.adminThreeRefuse,
  ],
  commands: threeCommands,
  commandGroups: {
    three: {
      zh: '显示三员，提议、同意或拒绝三员共同的操作',
      en: 'Show the three administrators; propose, agree to or refuse their joint acts',
    },
  },
  jointActs: {
    'three.appoint': appoint,
    'three.dismiss': dismiss,
    'three.factor': resetFactor,
    'three.off': switchOff,
  },
})
