// Signing up with a code, in a cloud with the parameters SignUp=code and SignUpCode=open-sesame.

import { after, before, test } from "node:test";
import { launch, PASSWORD, TestUser } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test("sign-up asks for the code if the team requires one, and accepts it", async () => {
  const visitor = await TestUser.open(browser);
  const { page } = visitor;
  await visitor.openSignUp();
  await page.getByLabel("Username").fill("ada");
  await page.getByLabel("Password").fill(PASSWORD);
  const make = page.getByRole("button", { name: "Create account" });
  const code = page.getByLabel("Sign-up code");
  await code.waitFor();

  await code.fill("open barley");
  await make.click();
  await page.getByText(/^Sign-up code is .+\.$/).waitFor();
  await code.fill("open-sesame");
  await make.click();
  await page.getByText("Connected", { exact: true }).waitFor();
  // There are no notes yet, so the page suggests to create one.
  await page.getByText("No notes yet").waitFor();
  await page.getByText("Create the first one").waitFor();
  await visitor.context.close();
});
