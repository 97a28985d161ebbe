import { defineConfig } from 'vitest/config'
import { base } from '../vitest.base.js'

const measured = ['test/following.test.ts', 'test/many-doors.test.ts']

export default defineConfig({
  test: {
    globalSetup: ['test/bundle-processes.ts'],
    projects: [
      // What measures how long others wait is alone: each file keeps every core busy with processes of its own.
      {
        ...base,
        test: {
          ...base.test,
          name: 'measured',
          include: measured,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      // Others wait for processes and for the disk now and then, and use each other's pauses.
      {
        ...base,
        test: { ...base.test, name: 'processes', exclude: measured, maxWorkers: 2, sequence: { groupOrder: 0 } },
      },
    ],
  },
})
