import type { Language } from '../content.ts'
import { arrow, box, drawing, frame, note } from './drawing.ts'

const words = {
  zh: {
    label: '一套平台有一家或多家企业；企业里有部门与成员、开发者、应用和自建应用',
    installation: '平台',
    corp: '企业',
    member: '成员',
    department: '部门',
    developer: '开发者',
    dataScope: '数据范围',
    app: '应用',
    wecomApp: '自建应用',
    isOwner: '负责人',
    owns: '拥有',
    isIn: '属于',
    sees: '只见',
    isLinked: '关联',
  },
  en: {
    label:
      'An installation has one or more corps; a corp has departments and members, developers, apps and WeCom apps',
    installation: 'Installation',
    corp: 'Corp',
    member: 'Member',
    department: 'Department',
    developer: 'Developer',
    dataScope: 'Data scope',
    app: 'App',
    wecomApp: 'WeCom app',
    isOwner: 'owner',
    owns: 'owns',
    isIn: 'in',
    sees: 'sees',
    isLinked: 'linked',
  },
}

/** What the things of the glossary have to do with each other. */
export function concepts(language: Language): string {
  const w = words[language]
  const place = (column: number, row: number) => ({ x: 46 + column * 218, y: 108 + row * 124, width: 152 })
  const middle = (column: number) => 46 + column * 218 + 76
  const down = (column: number, text: string) => [
    arrow(`M${middle(column)} 152 V226`),
    note(middle(column) + 34, 196, text),
  ]
  const across = (column: number, text: string) => [
    arrow(`M${46 + column * 218 + 152} 130 H${46 + (column + 1) * 218 - 6}`),
    note(46 + column * 218 + 185, 98, text),
  ]
  return drawing({
    height: 322,
    label: w.label,
    parts: [
      frame({ x: 4, y: 4, width: 672, height: 314 }, w.installation),
      frame({ x: 22, y: 44, width: 636, height: 258 }, w.corp),
      box(place(0, 0), w.member),
      box(place(1, 0), w.developer, 'is-own'),
      box(place(2, 0), w.app, 'is-own'),
      box(place(0, 1), w.department),
      box(place(1, 1), w.dataScope),
      box(place(2, 1), w.wecomApp),
      ...across(0, w.isOwner),
      ...across(1, w.owns),
      ...down(0, w.isIn),
      ...down(1, w.sees),
      ...down(2, w.isLinked),
    ],
  })
}
