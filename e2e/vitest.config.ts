import { defineConfig } from 'vitest/config'
import { base } from '../vitest.base.js'

const measured = ['test/following.test.ts', 'test/many-doors.test.ts']

export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: [],
    globalSetup: ['test/bundle-processes.ts'],
    projects: [
      // What measures how long others wait is alone: each file keeps every core busy with processes of its own.
      {
        extends: true,
        test: { name: 'measured', include: measured, fileParallelism: false, sequence: { groupOrder: 1 } },
      },
      // Others wait for processes and for the disk now and then, and use each other's pauses.
      {
        extends: true,
        test: {
          name: 'processes',
          include: base.test?.include ?? [],
          exclude: measured,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
    ],
  },
})
