from kgtool.explorer.visit import Page, Sources, Visit
