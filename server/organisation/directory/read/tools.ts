import type { Tool } from '../../../platform/manifest/tool.ts'
import { getUser, orgList, orgUserList } from './api.ts'
import { directoryChanges } from './changes.ts'
import { searchUsers } from './search-members.ts'

const page = ['pageNo', 'pageSize']

export const directoryTools: readonly Tool[] = [
  {
    name: 'search_members',
    title: { zh: '搜索成员', en: 'Search members' },
    description: {
      zh: '按账号、姓名、别名、手机号或拼音搜索通讯录成员，最匹配的在前。',
      en: 'Searches the members of the address book by userid, name, alias, mobile number or pinyin; the best match comes first.',
    },
    endpoint: searchUsers,
    inputs: ['searchName', ...page, 'fields'],
    defaults: { pageSize: 20 },
  },
  {
    name: 'get_member',
    title: { zh: '查询成员', en: 'Get a member' },
    description: {
      zh: '按账号查询一名成员及其部门。不知道账号时先用 search_members。',
      en: 'A member by userid, with their departments. Use search_members first when the userid is not known.',
    },
    endpoint: getUser,
    inputs: ['userId', 'fields'],
  },
  {
    name: 'get_department_members',
    title: { zh: '部门成员', en: 'Members of a department' },
    description: {
      zh: '列出部门的成员，fetchChild 为 1 时含下级部门。total 是总人数，用 pageNo 翻页。',
      en: 'Lists the members of a department, with fetchChild 1 also of those below. total is their number; pageNo turns the pages.',
    },
    endpoint: orgUserList,
    inputs: ['orgId', 'fetchChild', ...page, 'fields'],
    defaults: { pageNo: 1, pageSize: 100 },
  },
  {
    name: 'get_department_tree',
    title: { zh: '部门树', en: 'Tree of departments' },
    description: {
      zh: '部门及其下级部门；不填 orgId 为能看到的全部部门和标签。组织很大时请给出 orgId 逐级查询。',
      en: 'A department and those below it; without orgId all departments and tags that can be seen. In a large organisation give orgId and go level by level.',
    },
    endpoint: orgList,
    inputs: ['orgId', 'fetchChild'],
  },
  {
    name: 'get_directory_changes',
    title: { zh: '通讯录变更', en: 'Changes of the address book' },
    description: {
      zh: '返回序号大于 since 的通讯录变更及当前数据。下次的 since 用 next；more 为 true 时还有更多；resync 为 true 时需要全量读取。',
      en: 'Changes of the address book after number since, with the current data. next is the next since; with more: true there are others; with resync: true everything has to be read again.',
    },
    endpoint: directoryChanges,
    inputs: ['since', 'limit'],
    defaults: { limit: 100 },
  },
]
