/** For stages under test: a fault fails the test. */
export const rethrow = (error: unknown): never => {
  throw error;
};
